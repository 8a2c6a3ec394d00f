"""Fine-tunes the model that plays, from the stream of groups."""

import os

# Threads that wait by spinning slow each other down more than tenfold where anything else runs on the same cores (Ollama, a
# sandbox, an editor). This is read when torch is loaded, so it stands here.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
