import pytest

from server.core import crypto


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_a_sealed_field_opens_only_where_it_was_sealed(app, cipher):
    with app.app_context():
        app.config["HONGLING"]["cipher"] = cipher
        try:
            sealed = crypto.seal("13800138000", about="row 1 phone")
            assert sealed.startswith(f"{cipher}:")
            assert "138" not in sealed.partition(":")[2] or len(sealed) > 40
            assert crypto.unseal(sealed, about="row 1 phone") == "13800138000"
            with pytest.raises(crypto.Unopenable):
                crypto.unseal(sealed, about="row 2 phone")
        finally:
            app.config["HONGLING"]["cipher"] = "aes"


def test_what_was_sealed_by_the_other_cipher_still_opens(app):
    with app.app_context():
        app.config["HONGLING"]["cipher"] = "sm4"
        sealed = crypto.seal("门牌", about="x")
        app.config["HONGLING"]["cipher"] = "aes"
        assert crypto.unseal(sealed, about="x") == "门牌"
