"""Prints the policy as a table for people: docs/permissions.md is this, and a test keeps it so."""

from server.core.access import Role
from server.policy import POLICY

ROLES = {
    Role.SECRETARY: "红领书记",
    Role.BRANCH_LEAD: "支部书记",
    Role.HOST_OFFICER: "社区/企业",
    Role.SENDING_UNIT_OFFICER: "派出单位",
    Role.ORGANIZER: "组织部门",
    Role.DISCIPLINE_OFFICER: "纪检监察",
    Role.ADMINISTRATOR: "管理员",
}
HEAD = """# Permissions

Written by `make types` from `server/policy.py`. A cell names the rows a role reaches; an empty cell
is 404.
"""


def table() -> str:
    """Markdown, one row a permission, one column a role."""
    lines = [HEAD, f"| permission | {' | '.join(ROLES.values())} |", f"|---|{'---|' * len(ROLES)}"]
    for permission, grants in sorted(POLICY.items()):
        cells = (grants[role].__name__ if role in grants else "" for role in ROLES)
        lines.append(f"| `{permission}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
