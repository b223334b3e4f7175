// Writes `if (venue.marketOpen)` as `if (venue.marketOpen === true)` where the type is boolean. V8
// does not know that a field holds nothing but booleans: it asks for null, the empty string, NaN, ...
import ts from 'typescript';

/** A transformer for `program.emit`: the sources stay as they are. */
export function plainConditions(program) {
  const checker = program.getTypeChecker();
  return (context) => (file) => {
    const visit = (node) => {
      const visited = ts.visitEachChild(node, visit, context);
      return isBooleanField(node) && isCondition(node)
        ? ts.factory.createParenthesizedExpression(
            ts.factory.createStrictEquality(visited, ts.factory.createTrue()),
          )
        : visited;
    };
    return ts.visitNode(file, visit);
  };

  function isBooleanField(node) {
    if (!ts.isPropertyAccessExpression(node) || ts.isOptionalChain(node)) return false;
    return (checker.getTypeAtLocation(node).flags & ts.TypeFlags.Boolean) !== 0;
  }
}

/** Only whether it is true matters here, so that a comparison says the same. */
function isCondition(node) {
  const { parent } = node;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isParenthesizedExpression(parent)) return isCondition(parent);
  if (!ts.isBinaryExpression(parent)) return false;
  const { kind } = parent.operatorToken;
  return kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken;
}
