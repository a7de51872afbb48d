/**
 * `core` and `sim` give the same bits in every engine, so they use only what ECMAScript defines to the last bit.
 *
 * @module
 */
import { keyName, memberName, onGlobal, parentOf, patternOf } from "./globals.ts";
import { placeOf } from "./place.ts";

type Node = Deno.lint.Node;

const exactFolders = new Set(["core", "sim"]);

/** Members of Math that the standard defines exactly. The rest are "implementation-approximated", or draw at random. */
const exact = new Set([
  ..."abs ceil clz32 floor fround imul max min round sign sqrt trunc".split(" "),
  ..."E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2".split(" "),
]);

/** What core has in place of the member. */
const inCore = new Set("exp expm1 log log1p sin cos tan atan2 tanh pow hypot".split(" "));

function cure(name: string): string {
  if (name === "random") return "draw from a stream: uniform(stream) of core, so that a seed repeats the run";
  if (name === "pow") return "write x * x, or use pow of core";
  if (inCore.has(name)) return `use ${name} of core, which gives the same bits in every browser`;
  return "build it from + - * / Math.sqrt and the functions of core/math.ts";
}

export const exactMath: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (place === undefined || !exactFolders.has(place.folder)) return {};

    const refuse = (node: Node, name: string | undefined) => {
      if (name === undefined) {
        context.report({
          node,
          message: "which member of Math is meant cannot be told",
          hint: "name it: Math.sqrt",
        });
      } else if (!exact.has(name)) {
        const what = name === "random" ? "cannot be repeated" : "differs between JavaScript engines";
        context.report({ node, message: `Math.${name} ${what}`, hint: cure(name) });
      }
    };

    const refusePower = (node: Node) =>
      context.report({ node, message: "** differs between JavaScript engines", hint: cure("pow") });

    return {
      ...onGlobal("Math", (node) => {
        const parent = parentOf(node);
        if (parent?.type === "MemberExpression" && parent.object.range[0] === node.range[0]) {
          return refuse(parent, memberName(parent));
        }
        if (
          parent?.type === "TSTypeQuery" || parent?.type === "TSQualifiedName" ||
          parent?.type === "TSTypeReference"
        ) return;
        const pattern = patternOf(node);
        if (pattern === undefined) {
          return context.report({
            node,
            message: "Math under another name hides which function is used",
            hint: "write Math.sqrt and its like where they are used, or import from core",
          });
        }
        for (const property of pattern.properties) {
          refuse(property, property.type === "Property" ? keyName(property) : undefined);
        }
      }),
      BinaryExpression(node) {
        if (node.operator === "**") refusePower(node);
      },
      AssignmentExpression(node) {
        if (node.operator === "**=") refusePower(node);
      },
    };
  },
};
