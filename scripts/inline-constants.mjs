// Writes numeric constants (`export const ROLE_EXIT = 1`) as literals where they are used. To V8 an
// imported name is a variable: each use loads its cell, asks whether it has been set and whether it is
// a small integer, and nothing computed from it is known before it runs.
import ts from 'typescript';

/** A transformer for `program.emit`: the sources stay as they are, dist/ gets the numbers. */
export function inlineConstants(program) {
  const checker = program.getTypeChecker();
  return (context) => (file) => {
    const visit = (node) => {
      if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
        return node;
      if (ts.isIdentifier(node) && isRead(node)) return literalOf(node) ?? node;
      return ts.visitEachChild(node, visit, context);
    };
    return ts.visitNode(file, visit);
  };

  function literalOf(node) {
    const used = checker.getSymbolAtLocation(node);
    if (used === undefined) return undefined;
    const symbol =
      (used.flags & ts.SymbolFlags.Alias) === 0 ? used : checker.getAliasedSymbol(used);
    const declared = symbol.valueDeclaration;
    if (declared === undefined || !isTopLevelConst(declared)) return undefined;
    return numberOf(declared.initializer);
  }
}

/** An identifier whose value is read here: no name of a property or of something declared. */
function isRead(node) {
  const { parent } = node;
  if (parent === undefined) return false;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent))
    return parent.initializer === node;
  return ts.isExpression(parent) || ts.isStatement(parent) || ts.isCaseOrDefaultClause(parent);
}

function isTopLevelConst(declared) {
  if (!ts.isVariableDeclaration(declared) || !ts.isIdentifier(declared.name)) return false;
  const list = declared.parent;
  return (
    (list.flags & ts.NodeFlags.Const) !== 0 &&
    ts.isVariableStatement(list.parent) &&
    ts.isSourceFile(list.parent.parent)
  );
}

/** `3`, `-1`, `1_000`; nothing that would have to be computed. */
function numberOf(initializer) {
  if (initializer === undefined) return undefined;
  if (ts.isNumericLiteral(initializer)) return ts.factory.createNumericLiteral(initializer.text);
  if (!ts.isPrefixUnaryExpression(initializer) || !ts.isNumericLiteral(initializer.operand))
    return undefined;
  if (initializer.operator !== ts.SyntaxKind.MinusToken) return undefined;
  const { text } = initializer.operand;
  return ts.factory.createParenthesizedExpression(
    ts.factory.createPrefixUnaryExpression(
      ts.SyntaxKind.MinusToken,
      ts.factory.createNumericLiteral(text),
    ),
  );
}
