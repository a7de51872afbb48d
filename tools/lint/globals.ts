/**
 * Finding a global by its name, however it is reached: `Math`, `globalThis.Math`, `self["Math"]`,
 * `const { Math: M } = globalThis`.
 *
 * @module
 */
type Node = Deno.lint.Node;

const globalObjects = new Set(["globalThis", "self", "window"]);

/** The text of a string literal or of a template without holes. */
export function staticText(node: Node): string | undefined {
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type === "TemplateLiteral" && node.expressions.length === 0) return node.quasis[0]?.cooked;
  return undefined;
}

/** `a.name`, `a["name"]`: the name of a member, undefined where it is computed. */
export function memberName(node: Deno.lint.MemberExpression): string | undefined {
  if (node.computed) return staticText(node.property);
  return node.property.type === "Identifier" ? node.property.name : undefined;
}

/** The name a property of a pattern or an object has, undefined where it is computed. */
export function keyName(property: Deno.lint.Property): string | undefined {
  if (!property.computed && property.key.type === "Identifier") return property.key.name;
  return staticText(property.key);
}

/** The pattern that takes `node` apart: the left side of `const { sin } = node`, `({ sin } = node)`, `({ sin } = node) =>`. */
export function patternOf(node: Node): Deno.lint.ObjectPattern | undefined {
  const parent = parentOf(node);
  if (parent?.type === "VariableDeclarator" && parent.id.type === "ObjectPattern") return parent.id;
  if (parent?.type !== "AssignmentExpression" && parent?.type !== "AssignmentPattern") return undefined;
  const left: Node = parent.left;
  return left.type === "ObjectPattern" ? left : undefined;
}

export function parentOf(node: Node): Node | undefined {
  return (node as { parent?: Node }).parent;
}

function same(a: Node | null | undefined, b: Node): boolean {
  return a !== null && a !== undefined && a.range[0] === b.range[0] && a.range[1] === b.range[1];
}

/** True where an identifier only names a member, a key or a label, and does not read a variable. */
function namesMember(node: Deno.lint.Identifier): boolean {
  const parent = node.parent;
  switch (parent.type) {
    case "MemberExpression":
      return !parent.computed && same(parent.property, node);
    case "Property":
      return !parent.computed && !parent.shorthand && same(parent.key, node);
    case "PropertyDefinition":
    case "MethodDefinition":
    case "TSPropertySignature":
    case "TSMethodSignature":
    case "TSEnumMember":
      return same("key" in parent ? parent.key : parent.id, node);
    case "TSQualifiedName":
      return same(parent.right, node);
    case "LabeledStatement":
    case "ImportSpecifier":
    case "ExportSpecifier":
      return true;
    default:
      return false;
  }
}

/** Calls `visit` once for every expression, type or binding that names the global `name`. */
export function onGlobal(name: string, visit: (node: Node) => void): Deno.lint.LintVisitor {
  const seen = new Set<number>();
  const see = (node: Node) => {
    if (seen.has(node.range[0])) return;
    seen.add(node.range[0]);
    visit(node);
  };
  return {
    MemberExpression(node) {
      const object = node.object;
      if (object.type === "Identifier" && globalObjects.has(object.name) && memberName(node) === name) {
        see(node);
      }
    },
    Identifier(node) {
      if (node.name === name && !namesMember(node)) see(node);
      if (!globalObjects.has(node.name)) return;
      for (const property of patternOf(node)?.properties ?? []) {
        if (property.type === "Property" && keyName(property) === name) see(property);
      }
    },
  };
}
