"""关于与投诉建议: who runs this app, under which filing, and a box that anyone may write into."""
