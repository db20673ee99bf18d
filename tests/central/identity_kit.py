"""What the tests of identity share: a service whose clock can be moved, and its terminals."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from central_kit import ScriptedPlatform

from central.admin import Admin, AlertRow, CodeWanted
from central.client import CentralClient
from central.enrolling import EnrolmentFailure, enrol
from central.enrolment_code import EnrolmentCode
from central.identity import Identity, IdentityFiles
from central.service.limits import Limits
from central.service.running import RunningService, run_service

PATIENT_S = 20.0
"""For what must succeed: a busy machine may be slow."""
DAY = timedelta(days=1)


@dataclass
class Wall:
    """The service's wall clock; handshakes do not look at it."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Hall:
    """A service and the folder of its terminals."""

    directory: Path
    service: RunningService
    wall: Wall
    platform: ScriptedPlatform

    @property
    def url(self) -> str:
        return f"https://localhost:{self.service.port}"

    @property
    def admin(self) -> Admin:
        return Admin(self.directory)

    def files(self, terminal: str) -> IdentityFiles:
        return IdentityFiles(self.directory.parent / f"terminal-{terminal}")

    async def code(self, terminal: str = "03", valid_h: float = 24.0) -> EnrolmentCode:
        issued = await self.admin.issue_code(CodeWanted(terminal, valid_h, self.url))
        return EnrolmentCode.parse(issued.qr_text)

    async def enrol(
        self, code: EnrolmentCode, terminal: str = "03", files: IdentityFiles | None = None
    ) -> Identity | EnrolmentFailure:
        return await enrol(files or self.files(terminal), code, terminal, self.url, PATIENT_S)

    async def enrolled(self, terminal: str = "03") -> Identity:
        identity = await self.enrol(await self.code(terminal), terminal)
        assert isinstance(identity, Identity), identity
        return identity

    def client(self, terminal: str = "03", files: IdentityFiles | None = None) -> CentralClient:
        files = files or self.files(terminal)
        identity = files.load()
        assert identity is not None
        return CentralClient.with_access(files.access(identity, self.url), terminal)

    async def alerts(self) -> dict[str, AlertRow]:
        return {alert.kind: alert for alert in (await self.admin.alerts()).alerts}


@asynccontextmanager
async def hall(
    directory: Path,
    *,
    wall: Wall | None = None,
    limits: Limits | None = None,
    valid_for: timedelta = 90 * DAY,
    database: str = "",
) -> AsyncGenerator[Hall]:
    wall, platform = wall or Wall(), ScriptedPlatform()
    async with run_service(
        directory / "service",
        "127.0.0.1",
        0,
        platform,
        now=wall,
        limits=limits,
        certificate_valid_for=valid_for,
        database=database,
    ) as service:
        yield Hall(directory / "service", service, wall, platform)
