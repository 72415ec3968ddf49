"""Static files under names that carry their content's hash, so that browsers keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Also rewrites `import … from "./board.js"` inside our modules to the hashed names."""

    support_js_module_import_aggregation = True
