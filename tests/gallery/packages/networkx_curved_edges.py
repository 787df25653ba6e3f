"""A directed graph of networkx, cleared and drawn again with edges that bend."""

import matplotlib.pyplot as plt
import networkx as nx
from matplotlib.animation import FuncAnimation

graph = nx.gnp_random_graph(5, 0.5, seed=1, directed=True)
places = nx.circular_layout(graph)
fig, ax = plt.subplots()


def update(i):
    ax.clear()
    size = 100 + 30 * i
    nx.draw_networkx_nodes(graph, places, ax=ax, node_size=size)
    nx.draw_networkx_edges(graph, places, ax=ax, connectionstyle=f"arc3,rad={0.05 * i}", node_size=size)
    nx.draw_networkx_edge_labels(graph, places, {edge: str(i) for edge in list(graph.edges)[:2]}, ax=ax)


ani = FuncAnimation(fig, update, frames=8)
