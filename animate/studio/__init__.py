"""The live page: a server that draws what its tabs ask for, and the page that asks.

`server` answers the browser and never runs a scene's code; `worker` runs it, in processes of its own, where `easel`
holds the live stages. `tabs` sees to it that the newest wish of a tab is the one that is drawn.
"""
