// An imported .html file is one of Frappe's client templates: frappe.templates[name].
import fs from "node:fs";
import path from "node:path";

export const html = () => ({
	name: "html",
	setup(build) {
		build.onLoad({ filter: /\.html$/ }, (found) => {
			const name = path.basename(found.path, ".html");
			const text = fs
				.readFileSync(found.path, "utf8")
				.replace(/<!--[\s\S]*?-->/g, "")
				.replace(/\s+/g, " ")
				.replace(/\\(['"`\\])/g, "$1"); // Frappe puts it into a template literal, in which \' is a quote
			return { contents: `frappe.templates[${JSON.stringify(name)}] = ${JSON.stringify(text)};`, loader: "js" };
		});
	},
});
