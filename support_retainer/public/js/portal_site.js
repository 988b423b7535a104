// What Frappe's website scripts find in the page: on pages under /support it comes as data, as no script inside a page may run there.
(() => {
	"use strict";

	const site = JSON.parse(document.getElementById("support-site").textContent);
	const ready_events = [];
	window.frappe = {
		ready_events,
		ready: (done) => ready_events.push(done),
		boot: site.boot,
		sys_defaults: site.boot.sysdefaults,
		csrf_token: site.csrf_token,
	};
	window._version_number = site.version;
	window.dev_server = site.dev_server;
	window.socketio_port = site.socketio_port;
	window.show_language_picker = site.show_language_picker || false;

	// Frappe 16 draws its icons from files; 15 has them in the page
	document.addEventListener("DOMContentLoaded", () => {
		const symbols = document.getElementById("all-symbols");
		for (const path of site.icons) {
			fetch(`${path}?v=${site.version}`, { credentials: "same-origin" })
				.then((answer) => answer.text())
				.then((svg) => symbols.insertAdjacentHTML("beforeend", svg));
		}
	});
})();
