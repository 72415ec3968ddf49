"""Makes the virtual environment and installs a list of packages, with hashes checked.

    python3 tools/virtualenv.py .venv requirements.txt .venv/run.stamp

Runs on the machine's own Python, so it uses nothing that has to be installed. The stamp's time
tells make that the list is installed.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)


def main(folder: Path, packages: Path, stamp: Path) -> None:
    if sys.version_info < OLDEST:
        stop(f"Putki needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if not (folder / "bin" / "python").exists():
        make(folder)
    print(f"Installing {packages} into {folder} …", flush=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    result = subprocess.run(
        [*pip, "--disable-pip-version-check", "--require-hashes", "-r", str(packages)]
    )
    if result.returncode:
        stop("The packages could not be installed; see above.")
    stamp.touch()


def make(folder: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        install_venv()
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)]).returncode:
        stop("The virtual environment could not be made; see above.")


def install_venv() -> None:
    """Debian keeps this part of Python in a package of its own."""
    if os.geteuid() != 0:
        stop("Python lacks its venv module. Install it first: sudo apt-get install python3-venv")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "python3-venv"],
    ):
        if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL).returncode:
            stop("python3-venv could not be installed; see above.")


def stop(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main(*(Path(word) for word in sys.argv[1:4]))
