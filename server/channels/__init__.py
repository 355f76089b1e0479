"""通道: the ways beside the inbox by which a bell reaches a person (push, WeCom, mini program,
webhook, mail), and who a person is there; a channel carries, it decides nothing."""
