"""Discord's rate limits, in real time whatever the clock says."""

import time
from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    limit: int
    seconds: float
    left: int = 0
    resets: float = 0.0  # by time.monotonic()

    def take(self) -> bool:
        """Use one request up; False once there is none left until the reset."""
        now = time.monotonic()
        if now >= self.resets:
            self.left, self.resets = self.limit, now + self.seconds
        if self.left == 0:
            return False
        self.left -= 1
        return True

    @property
    def reset_after(self) -> float:
        return max(0.0, self.resets - time.monotonic())

    def headers(self, name: str) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset": f"{time.time() + self.reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{self.reset_after:.3f}",
            "X-RateLimit-Bucket": name,
        }
