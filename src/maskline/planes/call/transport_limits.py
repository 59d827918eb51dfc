from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TransportLimits:
    """Bounds of the SIP sockets. Durations are seconds, sizes bytes."""

    datagrams_per_turn: int = 64
    """Read from a UDP socket before the loop gets its turn."""
    udp_buffer_bytes: int = 4 * 1024 * 1024
    """Asked of the kernel for each direction; it may grant less (`net.core.rmem_max`)."""
    connections: int = 2_000
    """TCP and TLS connections, both directions together."""
    stranger_connections: int = 100
    """Of those, what addresses that no trunk has may hold."""
    connect_timeout_s: float = 4.0
    """TCP connect and TLS handshake; below timer B, so that another trunk can still be tried."""
    first_message_timeout_s: float = 10.0
    """How long a new connection may stay without a single message, and a stranger's at all."""
    idle_timeout_s: float = 1_200.0
    """How long a connection may stay without traffic either way."""
    sweep_interval_s: float = 5.0
    """How often idle connections are looked for."""
    write_buffer_bytes: int = 1024 * 1024
    """What may wait for a peer that reads slowly, or for a connection to be made."""
    goodbye_timeout_s: float = 1.0
    """How long closing waits for peers to take what is written and to end TLS."""
