/**
 * walk: visits the nodes of a syntax tree, and answers the few questions the rules ask about one.
 *
 * Imports   nothing.
 */

export interface AstNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Calls `visit` for every node, parents before children. */
export function walk(
  node: AstNode,
  visit: (node: AstNode, parent: AstNode | null, key: string) => void,
): void {
  step(node, null, '', visit);
}

function step(
  node: AstNode,
  parent: AstNode | null,
  key: string,
  visit: (node: AstNode, parent: AstNode | null, key: string) => void,
): void {
  visit(node, parent, key);
  for (const name of Object.keys(node)) {
    const child = node[name];
    if (isNode(child)) step(child, node, name, visit);
    else if (Array.isArray(child)) {
      for (const item of child) if (isNode(item)) step(item, node, name, visit);
    }
  }
}

export function isNode(value: unknown): value is AstNode {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string'
  );
}

export function childOf(node: AstNode, key: string): AstNode | null {
  const child = node[key];
  return isNode(child) ? child : null;
}

export function childrenOf(node: AstNode, key: string): readonly AstNode[] {
  const list = node[key];
  return Array.isArray(list) ? list.filter(isNode) : [];
}

/** The text of a string literal, or null for anything else. */
export function stringOf(node: AstNode | null | undefined): string | null {
  if (node?.type !== 'Literal') return null;
  return typeof node['value'] === 'string' ? node['value'] : null;
}

/** The name of an identifier, or null for anything else. */
export function nameOf(node: AstNode | null | undefined): string | null {
  if (node?.type !== 'Identifier') return null;
  return typeof node['name'] === 'string' ? node['name'] : null;
}

/** The name of a plain `object.name` access, or null. */
export function propertyOf(node: AstNode): string | null {
  if (node.type !== 'MemberExpression' || node['computed'] === true) return null;
  return nameOf(childOf(node, 'property'));
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

export function isFunction(node: AstNode): boolean {
  return FUNCTIONS.has(node.type);
}

/** True where an identifier only names a member or a key and refers to no binding. */
export function isMemberName(parent: AstNode | null, key: string): boolean {
  if (parent === null) return false;
  if (parent.type === 'MemberExpression') return key === 'property' && parent['computed'] !== true;
  if (parent.type === 'TSQualifiedName') return key === 'right';
  const keyed =
    parent.type === 'Property' ||
    parent.type === 'MethodDefinition' ||
    parent.type === 'PropertyDefinition' ||
    parent.type === 'TSPropertySignature' ||
    parent.type === 'TSMethodSignature';
  return keyed && key === 'key' && parent['computed'] !== true;
}
