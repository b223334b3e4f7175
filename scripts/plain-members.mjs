// Writes `#state` as `_state`. A private field exists, undefined, before the constructor sets it, so
// that V8 never learns that it holds one kind of object, and asks at every use. The compiler has
// held who may touch it; the sources stay as they are.
import ts from 'typescript';

/** A transformer for `program.emit`. */
export function plainMembers() {
  return (context) => (file) => {
    const visit = (node) =>
      ts.isPrivateIdentifier(node)
        ? ts.factory.createIdentifier(`_${node.text.slice(1)}`)
        : ts.visitEachChild(node, visit, context);
    return ts.visitNode(file, visit);
  };
}
