"""The guards that canaries take out. The product has no hooks for it: on the phone a line of the
source is another one in a build of our own, on the server broken.py patches a function at start."""

from typing import NamedTuple

from .build import Cut


class Guard(NamedTuple):
    """`cuts` for the phone; `server` means that broken.py knows the name."""

    name: str
    words: str
    cuts: tuple[Cut, ...] = ()
    server: bool = False


def on_server(name: str, words: str) -> Guard:
    return Guard(name, words, server=True)


def on_phone(name: str, words: str, *cuts: Cut) -> Guard:
    return Guard(name, words, cuts)


EARLY_ANSWER = on_server("early_answer", "the receipt leaves before the commit")
OWN_IDS = on_server("own_ids", "the server makes its own ids")
OWN_IDS_THRICE = OWN_IDS
DEAF_COMMIT = on_server("deaf_commit", "a commit that failed is acknowledged all the same")
NO_TURNS = on_server("no_turns", "SQLite writers neither wait nor begin IMMEDIATE")
ENDED_IS_GONE = on_server("ended_is_gone", "an ended posting is a 404")
HARD_STOP = on_server("hard_stop", "SIGTERM ends the server at once")

ANY_2XX = on_phone(
    "any_2xx",
    "any 2xx counts as delivered",
    (
        "core/judge.ts",
        "if (isReceipt(data) && data.id === sent.id && data.digest === sent.digest)",
        "if (data !== null || sent)",
    ),
)
GONE_WHILE_SENT = on_phone(
    "gone_while_sent",
    "a row leaves the disk when it is sent",
    ("core/outbox.ts", "await outbox.put(leased)", "await outbox.delete(leased.key)"),
)
WRITE_BEHIND = on_phone(
    "write_behind",
    "saved is said before it is on disk",
    (
        "core/save.ts",
        "const record = await write(who, ['records', 'photos', 'outbox', 'drafts', 'meta'], tx => "
        "store(tx, fresh, saving, seq))",
        "const record = { ...fresh, key: '', version: 1, if_match: null } as StoredRecord\n"
        "    setTimeout(() => void write(who, ['records', 'photos', 'outbox', 'drafts', 'meta'], "
        "tx => store(tx, fresh, saving, seq)), 700)",
    ),
)
NO_AUTOSAVE = on_phone(
    "no_autosave",
    "a form is kept only when it is saved",
    ("core/draft.ts", "if (who && touched) void keep(", "if (who && !who) void keep("),
)
NO_LOCK = on_phone(
    "no_lock",
    "no lock and no lease between tabs",
    ("core/sender.ts", "if (!navigator.locks) return drain(who)", "if (who) return drain(who)"),
    ("core/outbox.ts", "row.next_at <= now && row.lease_until <= now", "row.next_at <= now"),
)
GIVES_UP = on_phone(
    "gives_up",
    "what the server did not take is dropped",
    (
        "core/judge.ts",
        "if (status === 401) return { is: 'sign_in' }",
        "if (status >= 400) return { is: 'delivered', receipt: data as Receipt }",
    ),
)
HEAD_OF_LINE = on_phone(
    "head_of_line",
    "nothing passes a refused item",
    (
        "core/outbox.ts",
        "return rows.find(row => !row.problem",
        "return rows.some(row => row.problem) ? undefined : rows.find(row => !row.problem",
    ),
)
SAYS_SAVED = on_phone(
    "says_saved",
    "a save that failed is not told",
    (
        "core/save.ts",
        "throw error instanceof NotSaved ? error : new NotSaved(sentence(error))",
        "return { ...fresh, key: '', version: 1, if_match: null } as StoredRecord",
    ),
)
WORKER_SENDS = on_phone(
    "worker_sends",
    "only a page with a service worker sends",
    (
        "core/sender.ts",
        "export async function flush(): Promise<void> {",
        "export async function flush(): Promise<void> {\n"
        "  if (!(await navigator.serviceWorker?.getRegistration())) return",
    ),
)
WIPED_ON_LEAVE = on_phone(
    "wiped_on_leave",
    "signing out clears the phone",
    (
        "core/session.ts",
        "if (empty) await destroy(personId)",
        "await destroy(personId)\n  if (!empty) return",
    ),
)
