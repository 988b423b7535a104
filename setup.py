"""Kept beside pyproject.toml for tools that still ask for it; bench reads pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(r'__version__ = "(.+?)"', (HERE / "support_retainer/__init__.py").read_text())[1]

setup(
	name="support_retainer",
	version=VERSION,
	description="Support sold by the hour on ERPNext",
	license="GPL-3.0",
	packages=find_packages(include=["support_retainer", "support_retainer.*"]),
	include_package_data=True,
	zip_safe=False,
	python_requires=">=3.10",
)
