"""Every channel there is, in the order in which they are tried; and whose tokens are kept."""

from . import email, mini_program, tokens, web_push, webhook, wecom
from .channel import Channel

CHANNELS: dict[str, Channel] = {
    room.CHANNEL.name: room.CHANNEL for room in (web_push, wecom, mini_program, webhook, email)
}

tokens.PROVIDERS |= {
    "wecom": tokens.Provider(wecom.CHANNEL.ready, wecom.fetch_token),
    "mini_program": tokens.Provider(mini_program.CHANNEL.ready, mini_program.fetch_token),
}
