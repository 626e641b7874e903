"""A contract for import-linter: what the modules of one folder may import of ours.

`package` is a folder; the contract holds its own modules, not those of folders inside it, which
have contracts of their own. `may_import` names folders (their own modules) and single modules.
"""

from __future__ import annotations

from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class MayImportContract(Contract):
    """Report each import of ours that leaves a folder for a place that is not listed."""

    type_name = "may_import"

    package = fields.StringField()
    may_import = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        """Compare the direct imports of the folder's own modules with the list."""
        package = str(self.package)
        listed: Any = self.may_import or ()
        allowed = {package, *map(str, listed)}
        ours = tuple(f"{root}." for root in self.session_options["root_packages"])
        broken = [
            (module, other)
            for module in sorted(graph.modules)
            if module == package or _folder(module) == package
            for other in sorted(graph.find_modules_directly_imported_by(module))
            if other.startswith(ours) and not allowed & {other, _folder(other)}
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each import."""
        for module, other in check.metadata["broken"]:
            output.print_error(f"{module} may not import {other}")


def _folder(module: str) -> str:
    return module.rpartition(".")[0]
