"""Files over HTTP: nobody reads, takes or removes what is not theirs by a File that names it."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import frappe
import pytest

from tests import kinds
from tests.site.isolation_world import PASSWORD, build, email
from tests.web import Web

pytestmark = pytest.mark.security

SECRET = "Alfahemlig"
ATTACHMENT = "/api/method/support_retainer.portal.api.attachment"


@pytest.fixture
def ground(at) -> Iterator[frappe._dict]:
	with at("2026-11-16 10:00"), kinds.cache_as_it_is() as forget:
		world = build()
		frappe.db.after_rollback.reset()
		web = Web(watch=lambda: frappe.db.count("File"), forget=forget)
		world.guest, world.web = web.visitor(), web
		for letter in "ABSO":
			world[letter] = web.visitor(email(letter), PASSWORD)
		kinds.keep_cache_as_it_is()
		world.disk = Path(frappe.get_site_path(world.own_file_url.lstrip("/")))
		yield world
		for url in (world.file_url, world.own_file_url):
			Path(frappe.get_site_path(url.lstrip("/"))).unlink(missing_ok=True)


def own_file(visitor, ground, content: str = "eget", **more) -> dict:
	"""A contact of B sends a file of their own, and keeps it on their own ticket."""
	sent = {
		"file_name": "eget.txt",
		"is_private": 1,
		"content": content,
		"attached_to_doctype": "Issue",
		"attached_to_name": ground.other_ticket,
	}
	answer = visitor.post("/api/resource/File", {**sent, **more}, keep=True)
	assert answer.status == 200, answer.text
	return answer.json["data"]


def addresses(ground) -> list[str]:
	"""What leads to A's private file, or out of the folders, once it is read, decoded or resolved."""
	site, url, name = frappe.utils.get_url(), ground.own_file_url, ground.own_file_url.rsplit("/", 1)[1]
	out = "files/../../site_config.json"
	coded = site.replace("a", "%61").replace("1", "%31").replace("o", "%6f")
	return [
		url,
		quote(url, safe=""),
		url.replace("p", "%70"),
		url.replace("p", "%2570"),
		f"/files/../../private/files/{name}",
		f"/private/files/./{name}",
		f"/private/files//{name}",
		f"/private/files/..%2ffiles/{name}",
		f"\\private\\files\\{name}",
		f"{site}{url}",
		f"{coded}{url}",
		f"{site}/{out}",
		f"{coded}/{out}",
		f"{coded.replace('%', '%25')}/{out}",
		f"{site}/private/{out}",
		f"/private/{out}",
		f"/{out}",
		"/files/..\\..\\site_config.json",
		"file:///etc/passwd",
		"/api/method/../../site_config.json",
	]


def test_no_address_is_named(ground):
	"""With content and without; attached to one's own ticket, or to nothing; by each of Frappe's ways to make one."""
	for address in addresses(ground):
		for content in ({}, {"content": "eget"}):
			file = {"file_url": address, "file_name": "x.txt", "is_private": 1, **content}
			own = {**file, "attached_to_doctype": "Issue", "attached_to_name": ground.other_ticket}
			for sent in (file, own):
				doc = {"doctype": "File", **sent}
				ways = [
					("/api/resource/File", sent),
					("/api/v2/document/File", sent),
					("/api/method/frappe.client.insert", {"doc": json.dumps(doc)}),
					("/api/method/frappe.client.insert_many", {"docs": json.dumps([doc])}),
					("/api/method/frappe.client.save", {"doc": json.dumps(doc)}),
					("/api/method/upload_file", {"file_url": address, "is_private": 1}),
					("/api/v2/method/upload_file", {"file_url": address, "is_private": 1}),
					("/api/method/frappe.handler.upload_file", {"file_url": address, "is_private": 1}),
				]
				for path, values in ways[: None if sent is own else 3]:
					answer = ground.B.post(path, values)
					assert answer.status >= 400, (path, address, answer.text)
					assert answer.status != 500, (path, address, answer.text[-1500:])
					assert not answer.changed


def test_no_file_is_named_by_name_fingerprint_or_thumbnail(ground):
	"""Frappe finds a file by its name alone, takes the address of any file of the same fingerprint, and removes a thumbnail with its file."""
	name = ground.own_file_url.rsplit("/", 1)[1]
	fingerprint = frappe.db.get_value("File", ground.own_file, "content_hash")
	own = {"attached_to_doctype": "Issue", "attached_to_name": ground.other_ticket, "is_private": 1}
	for sent in (
		{"file_name": name},
		{"file_name": "x.txt", "content_hash": fingerprint},
		{"file_name": "x.txt", "content": "x", "content_hash": fingerprint},
		{"file_name": "x.txt", "content": "x", "thumbnail_url": ground.own_file_url},
	):
		for visitor in (ground.B, ground.O):
			answer = visitor.post("/api/resource/File", {**own, **sent})
			assert answer.status == 403, (sent, answer.text)


def test_what_is_ones_own_stays_what_it_is(ground):
	"""A changed address was read, and a DELETE removed another's file from disk."""
	own = own_file(ground.B, ground)
	fingerprint = frappe.db.get_value("File", ground.own_file, "content_hash")
	changes = [
		{"file_url": ground.own_file_url},
		{"file_url": "/files/../../site_config.json"},
		{"content_hash": fingerprint},
		{"thumbnail_url": ground.own_file_url},
		{"is_private": 0},
		{"attached_to_doctype": "Customer", "attached_to_name": ground.customer},
		{"owner": email("A")},
		{"is_folder": 1},
	]
	for change in changes:
		name, doc = own["name"], {"doctype": "File", "name": own["name"], **change}
		asked = [
			("PUT", f"/api/resource/File/{name}", change),
			("PATCH", f"/api/v2/document/File/{name}/", change),
			(
				"POST",
				"/api/method/frappe.client.set_value",
				{"doctype": "File", "name": name, "fieldname": json.dumps(change)},
			),
			("POST", "/api/method/frappe.client.save", {"doc": json.dumps({**own, **doc})}),
			(
				"POST",
				"/api/method/frappe.client.bulk_update",
				{"docs": json.dumps([{"doctype": "File", "docname": name, **change}])},
			),
		]
		before = frappe.db.get_value("File", name, "*", as_dict=True)
		for method, path, values in asked:
			answer = ground.B.ask(method, path, values, keep=True)
			assert answer.status != 500, (path, change, answer.text[-1500:])
			after = frappe.db.get_value("File", name, "*", as_dict=True)
			differs = {key for key in before if before[key] != after[key]} - {"modified", "modified_by"}
			assert not differs, (path, change)
	assert ground.B.ask("DELETE", f"/api/resource/File/{own['name']}", keep=True).status in (200, 202)
	assert ground.disk.exists()


def test_deleting_one_of_two_rows_leaves_the_others_file(ground):
	"""Whoever sends the very same content shares the file on disk; and a row that was planted before names it by another fingerprint."""
	content = ground.disk.read_text()
	own = own_file(ground.B, ground, content)
	assert own["file_url"] == ground.own_file_url
	assert ground.B.ask("DELETE", f"/api/resource/File/{own['name']}", keep=True).status in (200, 202)
	assert ground.disk.exists()
	for planted in (
		{"file_url": ground.own_file_url, "content_hash": "0" * 32},
		{"thumbnail_url": ground.own_file_url},
	):
		own = own_file(ground.B, ground, "annat " + json.dumps(planted))
		frappe.db.set_value("File", own["name"], planted, update_modified=False)
		for method, path, values in (
			("DELETE", f"/api/resource/File/{own['name']}", {}),
			("POST", "/api/method/frappe.client.delete", {"doctype": "File", "name": own["name"]}),
			(
				"POST",
				"/api/method/frappe.desk.form.utils.remove_attach",
				{"fid": own["name"], "dt": "Issue", "dn": ground.other_ticket},
			),
		):
			ground.B.ask(method, path, values, keep=True)
			assert ground.disk.exists(), (path, planted)


def test_what_was_planted_before_opens_nothing(ground):
	"""Rows from before, as they may stand in a database: neither our own door nor Frappe's reads out of the folders."""
	planted = {
		"attached_to_doctype": "Issue",
		"attached_to_name": ground.other_ticket,
		"file_name": "x.txt",
		"is_private": 1,
	}
	outside = Path(frappe.get_site_path("private", "files", "lank.txt"))
	outside.unlink(missing_ok=True)
	outside.symlink_to(Path(frappe.get_site_path("site_config.json")).resolve())
	try:
		for address in [*addresses(ground)[4:], "/private/files/lank.txt", "/private/files/", "", None]:
			doc = frappe.new_doc("File")
			doc.update({**planted, "file_url": address, "owner": email("B")})
			doc.name = frappe.generate_hash(length=10)
			doc.db_insert()
			frappe.db.set_value("File", doc.name, {"owner": email("B"), "file_url": address})
			ways = [
				(ATTACHMENT, {"name": doc.name}),
				("/api/method/download_file", {"file_url": address or ""}),
				("/api/method/frappe.handler.download_file", {"file_url": address or ""}),
				("/api/method/frappe.core.doctype.file.file.download_file", {"file_url": address or ""}),
				("/api/v2/method/frappe.handler.download_file", {"file_url": address or ""}),
				("/api/method/frappe.core.api.file.zip_files", {"files": json.dumps([doc.name])}),
			]
			for path, values in ways:
				answer = ground.B.get(path, values)
				body = answer.body
				if body[:2] == b"PK":
					with zipfile.ZipFile(BytesIO(body)) as found:
						body = b"".join(found.read(name) for name in found.namelist())
				if "lank" in str(address) and path != ATTACHMENT:
					continue  # nobody can make a link over HTTP; Frappe's own doors follow an administrator's
				assert b"db_name" not in body, (path, address)
				assert SECRET.encode() not in body, (path, address)
				assert path != ATTACHMENT or answer.status == 403, (address, answer.text)
	finally:
		outside.unlink()


def test_a_zip_is_unpacked_by_those_whose_it_is(ground):
	packed = BytesIO()
	with zipfile.ZipFile(packed, "w") as archive:
		archive.writestr("inre.txt", SECRET)
	frappe.set_user(email("A"))
	file = frappe.get_doc(
		{"doctype": "File", "file_name": "a.zip", "is_private": 1, "content": packed.getvalue()}
	).insert(ignore_permissions=True)
	frappe.set_user("Administrator")
	for path in ("frappe.core.api.file.unzip_file", "frappe.core.doctype.file.file.unzip_file"):
		assert ground.B.post(f"/api/method/{path}", {"name": file.name}).status == 403
	assert not frappe.db.exists("File", {"owner": email("B"), "file_name": "inre.txt"})


def test_no_letter_takes_another_s_file_along(ground):
	"""Frappe's `make` asks for no right where no document is named, and copies any File of a known name."""
	sent = {
		"content": "x",
		"subject": "x",
		"recipients": "x@example.com",
		"attachments": json.dumps([ground.own_file]),
	}
	path = "/api/method/frappe.core.doctype.communication.email.make"
	for visitor in (ground.B, ground.O):
		answer = visitor.post(path, sent, keep=True)
		assert answer.status == 403, answer.text
	assert not frappe.db.exists(
		"File", {"owner": ("in", [email("B"), email("O")]), "file_url": ground.own_file_url}
	)


def test_a_form_attaches_no_file_of_another(ground):
	"""Frappe attaches what a field of the kind Attach names, whoever saves: a person's own picture, or a web form."""
	picture = {"user_image": ground.own_file_url}
	answer = ground.B.ask("PUT", f"/api/resource/User/{email('B')}", picture, keep=True)
	assert answer.status == 403, answer.text
	form = {"doctype": "User", "name": email("B"), "first_name": "B", **picture}
	path = "/api/method/frappe.website.doctype.web_form.web_form.accept"
	ground.B.post(path, {"web_form": "edit-profile", "data": json.dumps(form)}, keep=True)
	assert not frappe.db.exists("File", {"owner": email("B"), "file_url": ground.own_file_url})
	assert ground.B.get(ground.own_file_url).status == 403
	ticket = {
		"doctype": "Issue",
		"subject": "x",
		"priority": "Medium",
		"attachment": ground.own_file_url,
		"description": f'<p>x <img src="{ground.own_file_url}"></p>',
	}
	ground.B.post(path, {"web_form": "issues", "data": json.dumps(ticket)}, keep=True)
	assert ground.B.get(ground.own_file_url).status == 403
	assert not frappe.db.exists("File", {"owner": email("B"), "file_url": ground.own_file_url})


def test_frappe_s_method_on_a_document_that_was_sent_is_asked_about_the_one_there_is(ground):
	"""`run_doc_method` takes a whole document from the request: whose it is, and that it is no secret, too."""
	file = frappe.get_doc("File", ground.own_file).as_dict()
	sent = {**json.loads(frappe.as_json(file)), "owner": email("B"), "is_private": 0}
	values = {"docs": json.dumps(sent), "method": "optimize_file"}
	before = ground.disk.read_bytes()
	for path in ("/api/method/run_doc_method", "/api/v2/method/run_doc_method"):
		answer = ground.B.post(path, values, keep=True)
		assert answer.status >= 400
		assert SECRET not in answer.text.replace(SECRET.lower(), "")
	assert ground.disk.read_bytes() == before


def test_what_one_may_still_works(ground):
	"""Files that are sent, in a form or as text, by contacts and by staff; and a link that staff attach."""
	own = own_file(ground.B, ground)
	again = {"file_url": own["file_url"], "is_private": 1}
	assert ground.B.post("/api/method/frappe.handler.upload_file", again).status == 200
	picture = base64.b64encode(b"GIF89a").decode()
	inline = {
		"doctype": "Issue",
		"subject": "Bild",
		"priority": "Medium",
		"description": f'<img src="data:image/gif;base64,{picture}">',
	}
	path = "/api/method/frappe.website.doctype.web_form.web_form.accept"
	answer = ground.B.post(path, {"web_form": "issues", "data": json.dumps(inline)})
	assert answer.status == 200, answer.text
	staff = {"attached_to_doctype": "Issue", "attached_to_name": ground.ticket, "file_name": "x.txt"}
	for more in (
		{"content": "x", "is_private": 1},
		{"file_url": "https://example.com/files/x.pdf"},
		{"file_url": ground.own_file_url, "is_private": 1},
	):
		answer = ground.S.post("/api/resource/File", {**staff, **more})
		assert answer.status == 200, answer.text
	assert SECRET in ground.A.get(ATTACHMENT, {"name": ground.own_file}).text
	assert ground.A.get("/api/method/download_file", {"file_url": ground.own_file_url}).status == 200
