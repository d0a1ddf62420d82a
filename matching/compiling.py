"""``compiled`` makes plain Python as fast as C. The first run compiles, later ones load what was kept."""

import os
from hashlib import sha256
from pathlib import Path

import numba

HERE = Path(__file__).parent
# Whatever compiled functions are made of. A function keeps a copy of those that it calls, and Numba compares only the
# file of the function itself with what it kept: a change in any of these files starts a new folder.
MODULES = ("compiling", "packing", "geography", "judging", "scoring", "ranking", "fairness")


def _fingerprint() -> str:
    files = [HERE / f"{module}.py" for module in MODULES]
    return sha256(b"".join(file.read_bytes() for file in files if file.exists())).hexdigest()[:16]


numba.config.CACHE_DIR = str(Path(os.environ.get("NUMBA_CACHE_DIR") or HERE / "__pycache__") / _fingerprint())

# Dividing by zero gives inf or nan, as in NumPy, and threads may run beside it.
compiled = numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
