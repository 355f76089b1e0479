"""Room on the phone, what the browser may clear, and browsers that can do less."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.e2e.test_nothing_lost import LATE, said, unsent_rows, write_down
from tests.e2e.test_visits import amber, green, note

# Chromium no longer holds IndexedDB to the quota that DevTools can set, so the refusal is made
# where the browser would make it: in the middle of the save's transaction.
FULL = """() => {
  const put = IDBObjectStore.prototype.put
  window.room = () => { IDBObjectStore.prototype.put = put }
  IDBObjectStore.prototype.put = function (...told) {
    if (this.name === 'outbox') throw new DOMException('full', 'QuotaExceededError')
    return put.apply(this, told)
  }
}"""


def test_a_full_phone_says_so_and_keeps_the_form(phones, house):
    an = phones("an")
    an.goto("/visits/new")
    an.evaluate(FULL)
    note(an, "满了也不丢")
    expect(an.get_by_text("没有保存").first).to_be_visible()
    expect(an.get_by_label("说了什么")).to_have_value("满了也不丢")
    assert unsent_rows(an) == 0
    an.evaluate("window.room()")
    an.get_by_role("button", name="保存").click()
    green(an)
    assert said(house) == ["满了也不丢"]


@pytest.mark.parametrize(
    ("used", "words"), [(85, "手机存储空间不多了"), (95, "暂不能加照片"), (50, None)]
)
def test_little_room_warns_and_at_last_takes_no_photos(phones, used, words):
    an = phones("an")
    an.context.add_init_script(
        f"StorageManager.prototype.estimate = async () => ({{ quota: 100, usage: {used} }})"
    )
    an.goto("/")
    expect(an.get_by_text("下一场会议").first).to_be_visible(timeout=LATE)
    expect(an.get_by_text(words or "手机存储空间")).to_have_count(1 if words else 0)
    an.goto("/visits/new")
    an.get_by_role("button", name="添加照片").click()
    if used > 90:
        expect(an.get_by_text("暂时不能添加照片")).to_be_visible()
    else:
        expect(an.get_by_text("从相册选择")).to_be_visible()


def test_a_store_that_the_browser_cleared_is_never_silent(phones, house, network):
    an = phones("an")
    network.fault = lambda method, path: (
        "broken" if path.startswith(("/api/visits", "/api/batch")) else None
    )
    for words in ("会丢的", "也会丢"):
        write_down(an, words)
        amber(an)
    an.evaluate(
        """async () => {
          await navigator.storageBuckets.delete("hongling-unsent");
          for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name)
        }"""
    )
    network.heal()
    an.goto("/")
    expect(an.get_by_text("本机 2 条未上传记录已被系统清除")).to_be_visible()
    expect(an.get_by_text("走访 2 条")).to_be_visible()
    an.get_by_role("button", name="我知道了").click()
    sign_in(an, "an")  # who was signed in went with the rest
    for _ in range(20):
        if any(seen.path.startswith("/api/devices/") for seen in network.seen):
            break
        an.wait_for_timeout(300)
    assert any(seen.path.startswith("/api/devices/") for seen in network.seen)
    an.reload()
    expect(an.get_by_text("已被系统清除")).to_have_count(0)


def test_without_service_workers_everything_but_the_start_works(browser, house):
    context = browser.new_context(
        base_url=house.url, viewport={"width": 390, "height": 844}, locale="zh-CN"
    )
    context.add_init_script("delete Navigator.prototype.serviceWorker")
    an = context.new_page()
    an.goto("/")
    sign_in(an, "an")
    an.get_by_text("当前环境不能离线打开，可离线填写").click()
    expect(an.get_by_text("照样可以填写")).to_be_visible()
    an.get_by_role("button", name="知道了").click()
    expect(an.get_by_text("当前环境不能离线打开")).to_have_count(0)
    an.goto("/visits/new")
    context.set_offline(True)
    note(an, "没有服务线程")
    amber(an)
    context.set_offline(False)
    green(an)
    assert said(house) == ["没有服务线程"]
    context.close()


def test_once_signed_in_nothing_else_is_needed_before_the_first_save(phones, house, network):
    network.fault = lambda method, path: (
        "broken" if path.startswith("/api/") and path != "/api/session" else None
    )
    an = phones("an")
    an.goto("/visits/new")
    note(an, "刚登录就没信号")
    amber(an)
    network.heal()
    an.reload()
    green(an)
    assert said(house) == ["刚登录就没信号"]


def test_the_diagnosis_can_be_read_without_signing_in(phones):
    nobody = phones(None)
    nobody.goto("/diag")
    expect(nobody.get_by_text("在本机保存")).to_be_visible()
    expect(nobody.get_by_text("防不住拿着已解锁手机的人")).to_be_visible()
    nobody.get_by_role("button", name="复制给技术支持").click()
    expect(nobody.get_by_text("已复制").or_(nobody.get_by_text("请截图"))).to_be_visible()
