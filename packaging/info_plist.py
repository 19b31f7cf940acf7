"""What macOS is told about the app."""

from __future__ import annotations

from typing import Any

IDENTIFIER = "app.sanastudio.SanaStudio"
MINIMUM_SYSTEM = "14.0"
PICTURES = {"PNG picture": "public.png", "JPEG picture": "public.jpeg", "WebP picture": "org.webmproject.webp"}


def info_plist(version: str) -> dict[str, Any]:
    """The keys that PyInstaller does not write by itself."""
    folder = "Sana Studio reads and saves pictures in the folder that you chose."
    return {
        "CFBundleName": "Sana Studio",
        "CFBundleDisplayName": "Sana Studio",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "zh-Hans"],
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
        # Asked by the system when the pictures folder is in one of these places.
        "NSDesktopFolderUsageDescription": folder,
        "NSDocumentsFolderUsageDescription": folder,
        "NSDownloadsFolderUsageDescription": folder,
        "NSRemovableVolumesUsageDescription": folder,
        "NSNetworkVolumesUsageDescription": folder,
    }
