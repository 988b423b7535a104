"""Patches run before `after_migrate` adds the app's fields to ERPNext's forms, so each adds them first."""

from __future__ import annotations

import ast
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "support_retainer"


def test_every_patch_is_listed_and_begins_with_the_fields_it_may_need():
	listed = {
		line.split(".")[-1]
		for line in (APP / "patches.txt").read_text().splitlines()
		if line.startswith("support_retainer.patches.")
	}
	modules = {path.stem: path for path in (APP / "patches").glob("*.py") if path.stem != "__init__"}
	assert listed == set(modules)
	for path in modules.values():
		(execute,) = [
			node
			for node in ast.parse(path.read_text()).body
			if isinstance(node, ast.FunctionDef) and node.name == "execute"
		]
		statements = [
			node for node in execute.body if not isinstance(getattr(node, "value", None), ast.Constant)
		]
		assert ast.unparse(statements[0]) == "add_fields()", path.name
