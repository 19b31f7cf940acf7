"""What macOS is told about the app."""

from __future__ import annotations

from typing import Any

IDENTIFIER = "app.sanastudio.SanaStudio"
MINIMUM_SYSTEM = "14.0"
PICTURES = {"PNG picture": "public.png", "JPEG picture": "public.jpeg", "WebP picture": "org.webmproject.webp"}
FOLDERS = "Sana Studio reads and saves pictures in the folder that you chose."
ASKED_FOR = tuple(f"NS{place}UsageDescription" for place in (
    "DesktopFolder", "DocumentsFolder", "DownloadsFolder", "RemovableVolumes", "NetworkVolumes",
))  # fmt: skip
"""What the system asks the user about when the pictures folder is in such a place."""

STRINGS = {
    "zh-Hans": {
        "PNG picture": "PNG 图片",
        "JPEG picture": "JPEG 图片",
        "WebP picture": "WebP 图片",
        **dict.fromkeys(ASKED_FOR, "Sana Studio 会在您选择的文件夹中读取和保存图片。"),
    }
}
"""The InfoPlist.strings of each other language: by key, and for the names of documents by the name itself."""


def info_plist(version: str) -> dict[str, Any]:
    """The keys that PyInstaller does not write by itself."""
    return {
        "CFBundleName": "Sana Studio",
        "CFBundleDisplayName": "Sana Studio",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", *STRINGS],
        "CFBundleAllowMixedLocalizations": True,
        "LSMinimumSystemVersion": MINIMUM_SYSTEM,
        "LSArchitecturePriority": ["arm64"],
        "LSApplicationCategoryType": "public.app-category.graphics-design",
        "NSPrincipalClass": "NSApplication",
        "NSHumanReadableCopyright": "Copyright the authors of Sana Studio. Apache License 2.0.",
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,  # follows dark mode
        "NSSupportsAutomaticGraphicsSwitching": True,
        # "Open With" and drops on the Dock icon; other apps stay the first choice for pictures.
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": name,
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": [kind],
            }
            for name, kind in PICTURES.items()
        ],
        # sana-studio://generate?prompt=..., for the Shortcuts app and others
        "CFBundleURLTypes": [
            {"CFBundleURLName": IDENTIFIER, "CFBundleTypeRole": "Viewer", "CFBundleURLSchemes": ["sana-studio"]}
        ],
        # Text that is selected in another program, through its Services menu (app/platform/macos.py)
        "NSServices": [
            {
                "NSMessage": "makePicture",
                "NSPortName": "Sana Studio",
                "NSMenuItem": {"default": "New Picture from Text in Sana Studio"},
                "NSSendTypes": ["public.utf8-plain-text", "NSStringPboardType"],
            }
        ],
        **dict.fromkeys(ASKED_FOR, FOLDERS),
    }
