#!/usr/bin/env bash
# Writes requirements.txt anew from pyproject.toml: names, versions and hashes, no host.
#
# torch on Linux is linked with CUDA's libraries and does not load without them. What is left out here is loaded only
# when a GPU is used (triton, cusolver), or holds no library (headers, bindings, the package that lists the others).
set -euo pipefail
cd "$(dirname "$0")"
exec uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-annotate \
  --no-emit-package triton --no-emit-package nvidia-cusolver --no-emit-package nvidia-nvtx \
  --no-emit-package nvidia-cuda-cccl --no-emit-package cuda-bindings --no-emit-package cuda-pathfinder \
  --no-emit-package cuda-toolkit \
  --custom-compile-command ./lock.sh --quiet --output-file requirements.txt "$@"
