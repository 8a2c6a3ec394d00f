"""The trainer as a service: `python -m autodidact_trainer.service --data DIR --ollama-models DIR --token-file FILE`."""

from __future__ import annotations

import argparse
import logging
import os
from pathlib import Path

# Nothing is ever downloaded; this is read when transformers is loaded.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ.setdefault("TQDM_DISABLE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

from autodidact_trainer.service.guard import TokenFileError, read_token
from autodidact_trainer.service.serving import InUseError, Options, serve


def main() -> None:
    """Reads the options and serves."""
    parser = argparse.ArgumentParser(prog="autodidact_trainer.service", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="where runs, and records, are kept")
    parser.add_argument("--records", help="where records are kept: a folder or a bucket's URL (DATA/records)")
    parser.add_argument("--ollama-models", type=Path, required=True, help="where Ollama keeps its models")
    parser.add_argument(
        "--token-file", type=Path, required=True, help="holds the bearer token; only its owner may read it"
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address that it listens on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument(
        "--float32", action="store_true", help="compute in float32 instead of bfloat16 where that is safe"
    )
    parser.add_argument(
        "--with-parent", action="store_true", help="end when standard input is closed, as a parent's end does"
    )
    chosen = parser.parse_args()
    # Prompts and weights are for nobody else on this machine.
    os.umask(0o077)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        serve(
            Options(
                data=chosen.data,
                records=chosen.records or str(chosen.data / "records"),
                models=chosen.ollama_models,
                token=read_token(chosen.token_file),
                host=chosen.host,
                port=chosen.port,
                autocast=not chosen.float32,
                with_parent=chosen.with_parent,
            )
        )
    except (TokenFileError, InUseError, OSError) as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
