"""Text is text: what people wrote meets HTML through one helper in Python and one in the scripts. Read from the sources; no site."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.security

APP = Path(__file__).parents[2] / "support_retainer"
PYTHON = sorted(APP.rglob("*.py"))
SCRIPTS = sorted([*APP.glob("public/js/*.js"), *APP.glob("doctype/*/*.js"), *APP.glob("report/*/*.js")])
PAGES = sorted([*APP.glob("www/**/*.html"), *APP.glob("templates/**/*.html")])
PAPERS = sorted(APP.glob("print_format/*/*.html"))

# Frappe shows these as HTML; where their text stands among the arguments
SHOWN = {"throw": 0, "msgprint": 0, "add_comment": 1}
# what makes HTML out of texts, or has none of anybody's in it
MADE = {"_", "filled", "bold", "html"}


def relative(path: Path) -> str:
	return str(path.relative_to(APP))


def called(node: ast.AST) -> str:
	"""The last part of the name of what is called, if anything is."""
	if not isinstance(node, ast.Call):
		return ""
	return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_html(node: ast.AST) -> bool:
	if isinstance(node, ast.Constant):
		return True
	if isinstance(node, ast.IfExp):
		return is_html(node.body) and is_html(node.orelse)
	if isinstance(node, ast.BoolOp):
		return all(is_html(each) for each in node.values)
	return called(node) in MADE


def shown(tree: ast.AST) -> Iterator[ast.AST]:
	"""What Frappe is given to show as HTML, by throw, msgprint and add_comment."""
	for node in ast.walk(tree):
		place = SHOWN.get(called(node))
		if place is None or not isinstance(node.func, ast.Attribute) or len(node.args) <= place:
			continue
		if getattr(node.func.value, "id", "") != "comments":  # Frappe's own way for visitors of web pages
			yield node.args[place]


@pytest.mark.parametrize("path", PYTHON, ids=relative)
def test_messages_and_comments_are_filled_in_by_the_helper(path):
	"""`frappe.throw(_("… {0}").format(text))` is HTML with somebody's text in it; `filled(_("… {0}"), text)` is not."""
	tree = ast.parse(path.read_text(encoding="utf-8"))
	wrong = [f"{node.lineno}: {ast.unparse(node)[:90]}" for node in shown(tree) if not is_html(node)]
	assert not wrong, "use `filled(_(…), text)`, or `html(text)`, of support_retainer.words"
	bold = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "bold"]
	assert not bold, "frappe.bold takes texts for HTML: use `bold` of support_retainer.words"


# In scripts: what is put into HTML, by what it may be.
HTML = re.compile(r"<\w[^`]*\$\{|`\$\{[^`]*<")
SINK = re.compile(
	r"(?:frappe\.(?:confirm|msgprint|throw|show_alert)|set_intro|set_indicator|\.html|set_headline_alert)\("
)


def statements(text: str) -> Iterator[tuple[int, str]]:
	"""The calls of what shows HTML, and the labels and titles of dialogs, each up to its closing bracket; with their lines."""
	for found in SINK.finditer(text):
		yield text.count("\n", 0, found.start()) + 1, balanced(text, found.end() - 1)
	for found in re.finditer(r"\b(?:label|title|message): *([^\n]*(?:\n\t+[^\n]*?)?),\n", text):
		yield text.count("\n", 0, found.start()) + 1, found.group(1)


def balanced(text: str, start: int) -> str:
	"""The text from an opening bracket to the one that closes it."""
	depth = 0
	for place in range(start, len(text)):
		depth += {"(": 1, ")": -1}.get(text[place], 0)
		if not depth:
			return text[start : place + 1]
	return text[start:]


@pytest.mark.parametrize("path", SCRIPTS, ids=relative)
def test_scripts_fill_texts_in_by_the_helper(path):
	"""`__("… {0}", [text])` is HTML where it is shown as such; `support_retainer.fill(__("… {0}"), [text])` is text."""
	text = path.read_text(encoding="utf-8")
	wrong = []
	for line, statement in statements(text):
		first = statement.split("=>")[0]
		for found in re.finditer(r"__\(\s*\"[^\"]*\"\s*,\s*(?:null\s*,[^)]*|\[([^\]]*)\])", first):
			filled = found.group(1) or ""
			wrong += [f"{line}: {each}" for each in parts(filled) if not is_safe(each)]
		for name in re.findall(r"\b(?:label|title): `[^`]*`", first):
			wrong.append(f"{line}: {name}")
	assert not wrong, "fill texts in by support_retainer.fill or support_retainer.escape (public/js/texts.js)"


def parts(text: str) -> list[str]:
	"""The items of a list, by the commas that are in no bracket."""
	found, depth, part = [], 0, ""
	for each in text:
		depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(each, 0)
		if each == "," and not depth:
			found.append(part.strip())
			part = ""
		else:
			part += each
	return [item for item in (*found, part.strip()) if item]


# figures, and words that are ours
FIGURES = re.compile(
	r"^(?:hours|escape|support_retainer\.\w+|format_currency|short|__)\(|^(?:found|done)\.(?:changed|tickets|added)$"
	r"|^total(?: - left)?$|^row\.idx$|^Math\.|\.(?:charged|used|covered)$"
)


def is_safe(part: str) -> bool:
	return bool(FIGURES.search(part))


@pytest.mark.parametrize("path", SCRIPTS, ids=relative)
def test_fields_that_hold_texts_are_escaped_in_scripts(path):
	"""A text of somebody's that is put into a template of HTML, or is a label, goes through `escape`."""
	text = path.read_text(encoding="utf-8")
	texts = r"(?:subject|customer|customer_name|note|reason|question|description|full_name|title|offer|problem|text|warning)"
	raw = [
		f"{text.count(chr(10), 0, found.start()) + 1}: {found.group()}"
		for found in re.finditer(r"\$\{\s*\w+(?:\.\w+)*\." + texts + r"\b[^}]*\}", text)
		if not in_escape(text, found.start())
	]
	assert not raw


def in_escape(text: str, place: int) -> bool:
	"""Whether a place of a template stands inside a call of `escape` that opened on the same line."""
	line = text[text.rfind("\n", 0, place) + 1 : place]
	return bool(re.search(r"escape(?:_html)?\([^)]*$", line))


@pytest.mark.parametrize("path", SCRIPTS, ids=relative)
def test_scripts_write_no_handlers_into_html(path):
	assert not re.search(r"<[^>`]*\son\w+=|javascript:", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_pages_escape_all_but_cleaned_letters_and_hold_no_script(path):
	text = path.read_text(encoding="utf-8")
	raw = re.findall(r"\{\{[^}]*\|\s*safe\b[^}]*\}\}", text)
	assert set(raw) <= {"{{ opening | safe }}", "{{ letter.text | safe }}"}, "letters.safe cleaned these two"
	assert not re.search(r"\son\w+\s*=|javascript:", text)
	assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text)
	for block in re.findall(r"\{% block support %\}(.*?)\{% endblock %\}", text, re.S):
		assert not block.strip() or block.strip().startswith("{% autoescape true %}")


@pytest.mark.parametrize("path", PAPERS, ids=relative)
def test_papers_escape_what_people_wrote(path):
	text = path.read_text(encoding="utf-8")
	fields = r"(?:subject|customer|customer_name|company|note|reason|story|derivation|title|description)"
	raw = [
		each
		for each in re.findall(r"\{\{[^}]*\}\}", text)
		if re.search(rf"\.{fields}\b|\{{\{{ (?:line|reason) ", each) and not re.search(r"\|\s*e\b", each)
	]
	assert not raw
