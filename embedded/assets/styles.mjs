// Sass and CSS. A stylesheet of its own becomes a .css bundle; one that a script imports is put into the page by it.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

export function styles(job) {
	const esbuild = job.require("esbuild");
	const sass = job.require("sass");
	const postcss = job.require("postcss");
	const prefix = postcss([job.require("autoprefixer")({ overrideBrowserslist: ["> 0.5%", "last 2 versions", "not dead"] })]);
	const rtlcss = job.require("rtlcss");

	// "~package/file" is a file of an npm package, "frappe/public/file" one of an app.
	const importer = {
		findFileUrl(url) {
			if (url.startsWith("~")) return pathToFileURL(path.join(job.modules, url.slice(1)));
			const [name, ...rest] = url.split("/");
			if (job.packages[name] && rest.length) return pathToFileURL(path.join(job.packages[name], ...rest));
			return null;
		},
	};
	const options = { importers: [importer], loadPaths: [job.modules], logger: sass.Logger.silent, charset: false };

	const fromSass = (text, file) =>
		sass.compileString(text, {
			...options,
			url: pathToFileURL(file),
			syntax: file.endsWith(".sass") ? "indented" : "scss",
		}).css;

	// Follows @import of plain CSS; a url() is kept when absolute, else the file goes into the sheet.
	const follow = {
		name: "follow",
		setup(build) {
			build.onResolve({ filter: /.*/ }, (found) => {
				const [name, ...rest] = found.path.replace(/^~/, "").split("/");
				if (found.kind === "url-token") {
					const file = path.resolve(found.resolveDir, found.path.replace(/[?#].*$/, ""));
					const missing = /^(\/|data:|https?:|#)/.test(found.path) || !fs.existsSync(file);
					return missing ? { path: found.path, external: true } : { path: file };
				}
				if (/^(https?:)?\/\//.test(found.path)) return { path: found.path, external: true };
				for (const [base, parts] of [[job.packages[name], rest], [job.modules, [name, ...rest]]]) {
					const file = base && path.join(base, ...parts);
					if (file && fs.existsSync(file) && fs.statSync(file).isFile()) return { path: file };
				}
				if (name === "frappe" && rest[1] === "node_modules") return { path: path.join(job.modules, ...rest.slice(2)) };
				return undefined;
			});
		},
	};

	async function bundle(text, file) {
		const result = await esbuild.build({
			stdin: { contents: text, resolveDir: path.dirname(file), sourcefile: file, loader: "css" },
			bundle: true,
			write: false,
			minify: true,
			logLevel: "silent",
			loader: Object.fromEntries(
				[".svg", ".png", ".gif", ".jpg", ".woff", ".woff2", ".ttf", ".eot", ".otf"].map((end) => [end, "dataurl"])
			),
			plugins: [follow],
		});
		return prefix.process(result.outputFiles[0].text, { from: undefined }).css;
	}

	const compile = (file) => fromText(fs.readFileSync(file, "utf8"), file);
	const fromText = (text, file) => bundle(/\.(scss|sass)$/.test(file) ? fromSass(text, file) : text, file);

	const inject = (text) => `{ const sheet = document.createElement("style");
		sheet.textContent = ${JSON.stringify(text)};
		document.head.append(sheet); }`;

	const inScripts = {
		name: "styles",
		setup(build) {
			build.onLoad({ filter: /\.(css|scss|sass)$/ }, async (found) => ({
				contents: inject(await compile(found.path)),
				loader: "js",
			}));
		},
	};

	return { compile, fromText, inject, inScripts, rightToLeft: (text) => rtlcss.process(text) };
}
