"""What of a source file can change a number: its tree without words and types."""

from __future__ import annotations

import ast


def computing_source(tree: ast.Module) -> str:
    """Return the text of a file's syntax tree, without what computes nothing.

    Left out are comments and layout, docstrings and other bare strings, annotations of
    the arguments and returns of functions, what stands under `if TYPE_CHECKING:`,
    imports from `__future__`, and names that are imported for these annotations alone.
    Annotations in classes stay, which pydantic reads as options; so do those of
    functions with decorators, which can read them.

    The text is as `ast.unparse` writes it. It stays the same from one Python to the
    next but for rare spellings, such as quotes inside f-strings. The tree is used up.
    """
    stripping = _Stripping()
    tree = stripping.visit(tree)
    unused = stripping.annotating - _names(tree)
    for statement in tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            statement.names = [
                alias for alias in statement.names if _bound(alias) not in unused
            ]
    tree.body = [s for s in tree.body if getattr(s, "names", True)]
    return ast.unparse(tree)


class _Stripping(ast.NodeTransformer):
    """Takes words and types out of a tree.

    Attributes:
        annotating: names in the annotations that it took out.
    """

    def __init__(self) -> None:
        self.annotating: set[str] = set()

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:  # noqa: N802
        """Drop a statement that is a string."""
        value = node.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return None
        return self.generic_visit(node)

    def visit_Pass(self, node: ast.Pass) -> None:  # noqa: N802
        """Drop what stands for nothing, as a docstring alone does."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:  # noqa: N802
        """Drop what tells how annotations are read."""
        return None if node.module == "__future__" else node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:  # noqa: N802
        """Keep of a test for type checkers what runs without one."""
        self.generic_visit(node)
        name = getattr(node.test, "id", getattr(node.test, "attr", None))
        return node.orelse if name == "TYPE_CHECKING" else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:  # noqa: N802
        """Drop the annotations."""
        return self._without_annotations(node)

    def visit_AsyncFunctionDef(  # noqa: N802
        self, node: ast.AsyncFunctionDef
    ) -> ast.AST:
        """Drop the annotations."""
        return self._without_annotations(node)

    def _without_annotations(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> ast.AST:
        if not node.decorator_list:
            for argument in ast.walk(node.args):
                if isinstance(argument, ast.arg) and argument.annotation is not None:
                    self.annotating |= _names(argument.annotation)
                    argument.annotation = None
            if node.returns is not None:
                self.annotating |= _names(node.returns)
                node.returns = None
        return self.generic_visit(node)


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _bound(alias: ast.alias) -> str:
    """Return the name that an import gives to what it imports."""
    return alias.asname or alias.name.partition(".")[0]
