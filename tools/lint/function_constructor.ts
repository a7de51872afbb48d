/**
 * Text becomes code in one place, the simulator's js backend: pages forbid it (no `'unsafe-eval'`), and a second
 * place would be a second thing to trust. Tests may take `Function` away, to prove that a page does without.
 *
 * @module
 */
import { onGlobal, parentOf, staticText } from "./globals.ts";
import { placeOf } from "./place.ts";

type Node = Deno.lint.Node;

const jsBackend = "sim/engine/js.ts";

/** Positions in which `Function` is a type, or is only compared or looked at. */
function harmless(node: Node): boolean {
  const parent = parentOf(node);
  switch (parent?.type) {
    case "TSTypeReference":
    case "TSTypeQuery":
    case "TSQualifiedName":
    case "TSInterfaceHeritage":
      return true;
    case "BinaryExpression":
      return parent.operator === "instanceof";
    case "MemberExpression":
      return parent.object.range[0] === node.range[0] && !parent.computed;
    default:
      return false;
  }
}

export const functionConstructor: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (place === undefined || place.path === jsBackend || place.folder === "tests") return {};
    const refuse = (node: Node, what: string) =>
      context.report({
        node,
        message: `${what} turns text into code`,
        hint:
          "only sim's js backend compiles text; pages forbid it. Write the function, or trace it through sim",
      });
    const onFunction = onGlobal("Function", (node) => {
      if (!harmless(node)) refuse(node, "Function");
    });
    const onEval = onGlobal("eval", (node) => refuse(node, "eval"));
    return {
      Identifier(node) {
        onFunction.Identifier?.(node);
        onEval.Identifier?.(node);
      },
      MemberExpression(node) {
        onFunction.MemberExpression?.(node);
        onEval.MemberExpression?.(node);
      },
      CallExpression(node) {
        const { callee, arguments: [first] } = node;
        if (callee.type !== "Identifier" || first === undefined) return;
        if (/^set(Timeout|Interval)$/.test(callee.name) && staticText(first) !== undefined) {
          refuse(node, `${callee.name} of a string`);
        }
      },
    };
  },
};
