/** What the host calls, which is ../batch-cmac.ts; compiled to cmac.wasm by `npm run build:wasm`. */
export { advance, forget, layAdded } from './cmac'
export { layPeople } from './people'
