import pytest

from server.core import settings
from tests.conftest import SECRET


@pytest.fixture
def told(tmp_path):
    """The settings of a city that set everything up."""
    environ = {"HONGLING_DATA": str(tmp_path), "HONGLING_SECRET": SECRET}
    return settings.load(environ) | {
        "wecom_corp_id": "corp",
        "wecom_agent_id": "1000002",
        "wecom_secret": "wecom secret",
        "mini_program_app_id": "app",
        "mini_program_secret": "wechat secret",
        "mini_program_template": "template",
        "webhook_secret": "gateway secret",
        "smtp_host": "127.0.0.1",
        "smtp_from": "hongling@city.example",
    }
