"""The demo workspace: made once out of `studio.demo_content`, known to scripts, played by customers from outside."""
