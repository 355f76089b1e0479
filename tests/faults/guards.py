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


def on_server(name: str, words: str, *cuts: Cut) -> Guard:
    return Guard(name, words, cuts, server=True)


def on_phone(name: str, words: str, *cuts: Cut) -> Guard:
    return Guard(name, words, cuts)


# The phone asks the server what it lacks and sends it again, which mends most of what goes wrong
# here; where the canary is about another guard, that one is out too.
RECONCILE_OFF = (
    "core/sender.ts",
    "if (await reconcile(who, Date.now())) announce()",
    "if (!reconcile) announce()",
)
EARLY_ANSWER = on_server("early_answer", "the receipt leaves before the commit", RECONCILE_OFF)
OWN_IDS = on_server("own_ids", "the server makes its own ids")
DEAF_COMMIT = on_server(
    "deaf_commit", "a commit that failed is acknowledged all the same", RECONCILE_OFF
)
NO_TURNS = on_server("no_turns", "SQLite writers neither wait nor begin IMMEDIATE")
ENDED_IS_GONE = on_server("ended_is_gone", "an ended posting is a 404")
HARD_STOP = Guard("hard_stop", "the server ends at once instead of on SIGTERM")

ANY_2XX = on_phone(
    "any_2xx",
    "any 2xx counts as delivered",
    (
        "core/judge.ts",
        "if (isReceipt(data) && data.id === sent.id && data.digest === sent.digest)",
        "if (data !== null || sent)",
    ),
    (
        "core/batch.ts",
        "if (response.ok) return again('没有收到红领通的回执', sendings)",
        "if (response.ok) return { is: 'delivered', receipt: {} as never }",
    ),
    RECONCILE_OFF,
)
GONE_WHILE_SENT = on_phone(
    "gone_while_sent",
    "a row leaves the disk when it is sent",
    (
        "core/outbox.ts",
        "of claimed) await tx.objectStore('outbox').put(leased)",
        "of claimed) await tx.objectStore('outbox').delete(leased.key)",
    ),
)
WRITE_BEHIND = on_phone(
    "write_behind",
    "saved is said before it is on disk",
    (
        "core/save.ts",
        "return await write(who, ['records', 'photos', 'outbox', 'drafts', 'meta'], "
        "tx => put(tx, fresh))",
        "const { seq: order, path, made_at } = fresh\n"
        "      setTimeout(() => void write(who, ['records', 'photos', 'outbox', 'drafts', 'meta'], "
        "tx => put(tx, fresh)), 700)\n"
        "      return { record: { ...fresh, key: '', version: 1, if_match: null }, "
        "rows: [rowOf('', path, { order, after: [], made_at })] }",
    ),
    ("core/save.ts", "make(guessSeq(who))", "make(await nextSeq(who))"),
    ("core/seq.ts", "if (last >= seq) throw new Stale()", ""),
)
NO_AUTOSAVE = on_phone(
    "no_autosave",
    "a form is kept only when it is saved",
    ("core/draft.ts", "if (!who || draft.elsewhere.value) return", "return"),
)
NO_LOCK = on_phone(
    "no_lock",
    "no lock and no lease between tabs",
    ("core/sender.ts", "if (!navigator.locks) return drain(who)", "if (who) return drain(who)"),
    ("core/outbox.ts", "isOver(row.lease_until, now) && row.after", "row.after"),
)
GIVES_UP = on_phone(
    "gives_up",
    "what the server did not take is dropped",
    (
        "core/judge.ts",
        "if (status === 401 && problem) return { is: 'sign_in' }",
        "if (status >= 400) return { is: 'delivered', receipt: data as Receipt }",
    ),
    (
        "core/batch.ts",
        "if (problem?.retry === 'after_sign_in') return { is: 'sign_in' }",
        "if (status >= 400) return { is: 'delivered', receipt: {} as never }",
    ),
    RECONCILE_OFF,
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
        "return { path, digest: '' } as StoredRecord",
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
        "await tx.objectStore('cache').clear()",
        "for (const name of tx.objectStoreNames) await tx.objectStore(name).clear()",
    ),
)
NO_RECONCILE = on_phone("no_reconcile", "nobody asks what the server lacks", RECONCILE_OFF)
FAR_FUTURE = on_phone(
    "far_future",
    "a wait is believed, however long",
    ("core/outbox.ts", "until <= now || until > now + most", "until <= now"),
)
MARKED_FIRST = Guard("marked_first", "a bell counts as rung before it is sent", server=False)
ANY_ANSWER = Guard("any_answer", "whatever a provider answers counts as taken", server=False)
NO_ALARM = on_phone(
    "no_alarm",
    "nobody counts what was there",
    ("core/tally.ts", "if (gone.length) mourn(", "if (gone.length < 0) mourn("),
)
