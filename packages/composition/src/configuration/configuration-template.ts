/** Where editors find the JSON Schema: a file of the published package `@holdfast/contracts`. */
export const schemaUrl = 'https://unpkg.com/@holdfast/contracts/schema/holdfast-1.schema.json';

/** The text of a new configuration file. It says what would hold without it. */
export const configurationTemplate: string = `# yaml-language-server: $schema=${schemaUrl}
#
# Configuration of Holdfast. Relative paths begin in the folder of this file.
# Variables override it: HOLDFAST_DATABASE_URL, HOLDFAST_STORES_DEFAULT_ROOT, … set the fields of these names.
# \`holdfast config show\` prints every value and where it comes from, \`holdfast config check\` reports errors.

version: 1

# Where bytes are kept. Every store has a name (lower-case letters, digits, hyphens) and a folder of its own.
stores:
  default:
    backend: local_filesystem # or memory, which is gone when the program ends
    root: .holdfast/store
    # layout: store # plain: the files of the folder are the objects, for existing folders
    # createIfMissing: true # false: a missing store is an error, not an empty one
    # durability: full # data or none: faster, and a power cut can take back the last writes
    # access: owner # group or everyone: which users of this machine may use what is made, as the umask lets them
    # inlineLimitBytes: 16384 # objects up to this size are stored in the index
    # busyTimeoutMs: 30000 # how long a write waits for other processes that write
    # medium: network # for a network folder that is not detected; one host uses it
  # lake: # a bucket; \`holdfast put FILE --name NAME --backend lake\` saves into it
  #   backend: aws_s3
  #   bucket: models
  #   endpoint: https://storage.example.com # left out for Amazon's own
  #   credentials: { accessKeyId: env:S3_KEY, secretAccessKey: env:S3_SECRET } # left out for AWS's own chain

# The store that is used when none is named.
defaultStore: default

# Where the registry keeps its records of models and versions.
database:
  url: sqlite:.holdfast/registry.db # or memory:, which is gone when the program ends
  # access: owner # group or everyone: which users of this machine may use what is made; backups too
  # busyTimeoutMs: 10000 # how long a write waits for other processes that write
  # For many machines: a server of PostgreSQL, postgres://holdfast@db.example.com/models?sslmode=verify-full
  # credentials: { password: env:DATABASE_PASSWORD }
  # schema: holdfast_registry # two schemas are two registries
  # poolSize: 10 # most connections at once
  # timeouts: { connectMs: 5000, statementMs: 30000 } # until a connection is made, until a statement is answered
`;
