// Vue's single-file components, compiled with Vue's own compiler.
import fs from "node:fs";
import path from "node:path";

export const vue = (job, css) => ({
	name: "vue",
	setup(build) {
		const compiler = job.require("@vue/compiler-sfc");
		build.onLoad({ filter: /\.vue$/ }, async (found) => {
			const source = fs.readFileSync(found.path, "utf8");
			const { descriptor, errors } = compiler.parse(source, { filename: found.path });
			if (errors.length) return { errors: errors.map((error) => ({ text: error.message })) };
			const id = path.relative(job.packages[job.app], found.path).replace(/\W+/g, "-");
			const scoped = descriptor.styles.some((style) => style.scoped);
			const parts = [component(compiler, descriptor, id, scoped)];
			for (const style of descriptor.styles) parts.push(css.inject(await sheet(compiler, style, found.path, id)));
			if (scoped) parts.push(`component.__scopeId = "data-v-${id}";`);
			parts.push("export default component;");
			const loader = /^tsx?$/.test(descriptor.script?.lang ?? descriptor.scriptSetup?.lang ?? "") ? "ts" : "js";
			return { contents: parts.join("\n"), loader, resolveDir: path.dirname(found.path) };
		});

		async function sheet(compiler, style, file, id) {
			const text = await css.fromText(style.content, `${file}.${style.lang ?? "css"}`);
			if (!style.scoped) return text;
			return compiler.compileStyle({ source: text, filename: file, id: `data-v-${id}`, scoped: true }).code;
		}
	},
});

function component(compiler, descriptor, id, scoped) {
	const options = { id: `data-v-${id}`, filename: descriptor.filename, isProd: true };
	const template = { scoped, compilerOptions: { scopeId: scoped ? options.id : undefined }, transformAssetUrls: false };
	let code = "const component = {};";
	if (descriptor.script || descriptor.scriptSetup) {
		const script = compiler.compileScript(descriptor, {
			...options,
			inlineTemplate: Boolean(descriptor.scriptSetup),
			templateOptions: template,
		});
		code = compiler.rewriteDefault(script.content, "component");
		if (descriptor.scriptSetup) return code;
	}
	if (!descriptor.template) return code;
	const compiled = compiler.compileTemplate({ ...options, ...template, source: descriptor.template.content });
	return `${code}\n${compiled.code.replace("export function render", "function render")}\ncomponent.render = render;`;
}
