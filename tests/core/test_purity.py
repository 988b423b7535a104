"""Core is the standard library and itself, nothing else; importing it does not bring the host along."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import support_retainer.core

CORE = Path(support_retainer.core.__file__).parent


def imported(path: Path) -> set[str]:
	names: set[str] = set()
	for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
		if isinstance(node, ast.Import):
			names |= {alias.name for alias in node.names}
		elif isinstance(node, ast.ImportFrom):
			assert node.level == 0, f"{path.name}: relative import"
			names.add(node.module or "")
	return names


def test_core_imports_the_standard_library_and_itself() -> None:
	files = sorted(CORE.glob("*.py"))
	assert len(files) >= 6
	for path in files:
		for name in imported(path):
			root = name.partition(".")[0]
			own = name == "support_retainer.core" or name.startswith("support_retainer.core.")
			assert own or root in sys.stdlib_module_names, f"{path.name} imports {name}"


def test_importing_core_loads_no_host() -> None:
	code = "import sys, support_retainer.core; print(*(m for m in sys.modules if m in ('frappe', 'erpnext')))"
	root = CORE.parent.parent
	found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
	assert found.stdout.strip() == ""


def test_everything_public_is_there() -> None:
	for name in support_retainer.core.__all__:
		assert hasattr(support_retainer.core, name)
