/** Who may import whom. Type imports count: an arrow drawn only by a type is still an arrow in the reader's head. */
const exec = '^src/modules/execution';
const spec = '\\.spec\\.ts$';
// No dot before .ts is no role suffix.
const bare = '^src/(modules|venue-simulator|domain)/[a-z0-9/-]+\\.ts$';
// Named exceptions: what joins pure parts to the world without being a Nest class.
const joints = [`${exec}/(session|create-engine)\\.ts$`, '/main\\.ts$', `${exec}/(store|connectors)/`];

const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** What a folder of execution may import besides domain, runtime and itself. */
const layer = (folder, ...allowed) =>
  error(
    `execution-${folder}-imports`,
    `${folder}/ may import ${['domain', 'runtime', ...allowed].join(', ')} and itself.`,
    { path: `${exec}/${folder}/`, pathNot: spec },
    {
      path: '^src/',
      pathNot: [
        '^src/domain/',
        '^src/runtime/',
        `${exec}/${folder}/`,
        ...['clock/types', 'common/', ...allowed].map((path) => `${exec}/${path}`),
      ],
    },
  );

const leaf = [
  error('no-cycles', 'A cycle has no first page.', {}, { circular: true }),
  error(
    'domain-imports-bignumber-only',
    'The vocabulary stands alone.',
    { path: '^src/domain/', pathNot: spec },
    { pathNot: ['^src/domain/', 'node_modules/bignumber\\.js/'] },
  ),
  error(
    'runtime-is-a-leaf',
    'The seam knows nothing of what runs on it.',
    { path: '^src/runtime/', pathNot: spec },
    { path: '^src/', pathNot: '^src/(runtime|domain)/' },
  ),
];

const doors = [
  error(
    'execution-knows-no-caller',
    'Fills flow outward while imports point inward.',
    { path: `${exec}/`, pathNot: spec },
    { path: '^src/', pathNot: [`${exec}/`, '^src/domain/', '^src/runtime/'] },
  ),
  error(
    'execution-has-one-door',
    'Callers use execution.module.ts, execution.service.ts and types.ts.',
    { path: '^src/(modules|config|database)/', pathNot: [`${exec}/`, spec] },
    {
      path: `${exec}/`,
      pathNot: `${exec}/(execution\\.module|execution\\.service|types)\\.ts$`,
    },
  ),
  error(
    'venue-simulator-is-not-imported',
    'The local exchange is a peer, not a part.',
    { path: '^src/', pathNot: ['^src/venue-simulator/', '^src/main\\.ts$', spec] },
    { path: '^src/venue-simulator/' },
  ),
  error(
    'venue-simulator-knows-the-port-only',
    'It shares the vocabulary and the connector port.',
    { path: '^src/venue-simulator/', pathNot: spec },
    { path: '^src/', pathNot: ['^src/(venue-simulator|domain|runtime)/', `${exec}/connectors/types\\.ts$`] },
  ),
  error(
    'a-module-provides-only-its-own',
    'Two modules that provide one class hold two instances.',
    { path: '^(src/modules/.+)/[a-z-]+\\.module\\.ts$' },
    { path: '\\.(service|repository|factory|guard)\\.ts$', pathNot: '^$1/' },
  ),
];

const homes = [
  error(
    'a-bare-file-name-means-pure',
    'A file without a role suffix imports no framework, database or socket.',
    { path: bare, pathNot: joints },
    { path: 'node_modules/(@nestjs|typeorm|ccxt|rxjs|pg|ws|undici)/', dependencyTypesNot: ['type-only'] },
  ),
  error(
    'a-bare-file-does-no-io',
    'A file without a role suffix imports no Node module.',
    { path: bare, pathNot: joints },
    { dependencyTypes: ['core'] },
  ),
  error(
    'the-wire-is-in-runtime',
    'Sockets and HTTP belong to the Runtime and to the local exchange.',
    { path: '^src/', pathNot: ['^src/(runtime|venue-simulator)/', spec] },
    { path: 'node_modules/(undici|ws)/' },
  ),
  error(
    'ccxt-is-in-connectors',
    'Only connectors know ccxt.',
    { path: '^src/', pathNot: [`${exec}/connectors/`, spec] },
    { path: 'node_modules/ccxt/' },
  ),
  error(
    'pg-is-in-store-and-database',
    'SQL connections are opened in two places.',
    { path: '^src/', pathNot: [`${exec}/store/`, '^src/database/', spec] },
    { path: 'node_modules/(@types/)?pg/' },
  ),
  error(
    'typeorm-has-its-files',
    'Only entities, repositories, modules and database/ know TypeORM.',
    { path: '^src/', pathNot: ['\\.(entity|repository|module)\\.ts$', '^src/database/', spec] },
    { path: 'node_modules/(typeorm|@nestjs/typeorm)/' },
  ),
];

module.exports = {
  forbidden: [
    ...leaf,
    ...doors,
    ...homes,
    layer('controllers'),
    layer('clock'),
    layer('common'),
    layer('store'),
    layer('connectors'),
    layer('trackers', 'connectors/types', 'store/types'),
    layer('risk', 'connectors/types', 'trackers/'),
    layer('executors', 'connectors/types', 'store/types', 'trackers/'),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default', 'types'],
    },
  },
};
