/**
 * Every way to name another module: `import`, `export … from`, `import()`, a type's `import()`, `import … =
 * require()`, `require()` and `new Worker(new URL(…, import.meta.url))`.
 *
 * @module
 */
import { staticText } from "./globals.ts";

type Node = Deno.lint.Node;

/** Calls `visit` with each module specifier that is written out. A specifier that is computed cannot be told. */
export function onImport(visit: (specifier: string, node: Node) => void): Deno.lint.LintVisitor {
  const see = (source: Node | null | undefined) => {
    const text = source ? staticText(source) : undefined;
    if (source && text !== undefined) visit(text, source);
  };
  return {
    ImportDeclaration: (node) => see(node.source),
    ExportAllDeclaration: (node) => see(node.source),
    ExportNamedDeclaration: (node) => see(node.source),
    ImportExpression: (node) => see(node.source),
    TSExternalModuleReference: (node) => see(node.expression),
    TSImportType: (node) => {
      if (node.argument.type === "TSLiteralType") see(node.argument.literal);
    },
    CallExpression: (node) => {
      if (node.callee.type === "Identifier" && node.callee.name === "require") see(node.arguments[0]);
    },
    NewExpression: (node) => {
      const [url] = node.arguments;
      if (
        node.callee.type === "Identifier" && node.callee.name === "Worker" && url?.type === "NewExpression"
      ) {
        see(url.arguments[0]);
      }
    },
  };
}
