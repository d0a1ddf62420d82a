"""What a deployment needs is complete, and passes the checkers that know the formats."""

import os
import re
import subprocess
from pathlib import Path

import pytest

SETTINGS = Path("engagement/settings.py").read_text()
COMPOSE = Path("docker-compose.yml").read_text()
COMPILING = Path("matching/compiling.py").read_text()
EXAMPLE = Path(".env.example").read_text()


def explained():
    return re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)


def test_every_variable_is_explained_once_and_no_other():
    read = re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', SETTINGS) + re.findall(r"\$\{([A-Z_]+)", COMPOSE)
    read += re.findall(r'\benviron\.get\("([A-Z_]+)"', COMPILING)

    assert sorted(explained()) == sorted(set(read))


def test_no_example_is_a_secret():
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        assert f"\n{name}=\n" in EXAMPLE


@pytest.mark.parametrize("target", ["lint", "check-deploy"])
def test_the_checkers_are_content(target):
    environment = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS"}}
    environment["DJANGO_SETTINGS_MODULE"] = "engagement.settings"

    result = subprocess.run(["make", target], capture_output=True, text=True, env=environment, check=False)

    assert result.returncode == 0, result.stdout + result.stderr
