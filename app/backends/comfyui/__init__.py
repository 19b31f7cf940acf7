"""Pictures from a ComfyUI server of the user's own, on this machine or in this network.

server       its HTTP routes: plain values in and out, bounded in time and size
socket       its websocket: what it tells while it works
graphs       a graph in ComfyUI's API format, and where its inputs are
recipe       what the server can make pictures with: a checkpoint, one of Sana's, a workflow of the user's
checkpoints, sana  the graphs that come with the app
offers       which recipes a server has
link         that socket, connected again where it drops
jobs         a job in the server's queue: ordered, looked for, stopped
following    a job from its order to its end, whatever happens in between
ordering     one picture: its job, and its file
generation   the pictures of a request
timing       how long it waits for what
explain      what goes wrong there, in words for the user
backend      the Backend itself

Nothing here imports httpx or websockets before the server is really needed.
"""
