"""Models on the Hugging Face Hub."""

from __future__ import annotations

from pathlib import Path

from ngn_core.errors import WeightsError


def push_to_hub(folder: Path, repository: str) -> str:
    """Upload an exported model and return its address.

    Args:
        folder: that `export` wrote.
        repository: `OWNER/NAME`; made, private, where there is none yet.

    Raises:
        WeightsError: where huggingface_hub is missing, or the Hub refuses.
    """
    try:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    except ModuleNotFoundError as error:
        raise WeightsError(
            "--push-to-hub needs huggingface_hub: pip install 'ngn[hub]'"
        ) from error
    api = HfApi()
    try:
        address = api.create_repo(repository, private=True, exist_ok=True)
        api.upload_folder(
            repo_id=repository, folder_path=folder, commit_message="Export from ngn"
        )
    except (HfHubHTTPError, HFValidationError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise WeightsError(
            f"--push-to-hub {repository}: {reason}; the folder {folder} is whole, and "
            "may be pushed again: hf upload does the same"
        ) from error
    return str(address)
