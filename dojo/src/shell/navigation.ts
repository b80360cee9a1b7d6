/** The pages there are, in the order of the menu. */
export const navigation = [
  { to: '/$environment/overview', page: 'overview', label: 'Overview', icon: 'overview', about: 'What happens in the shop' },
  { to: '/$environment/sandbox', page: 'sandbox', label: 'Sandbox', icon: 'sandbox', about: 'Be a visitor; ask every question' },
  { to: '/$environment/storefront', page: 'storefront', label: 'Storefront', icon: 'shop', about: 'A small shop to show around' },
  { to: '/$environment/data', page: 'data', label: 'Data', icon: 'data', about: 'Products, people, interactions, uploads, quality' },
  { to: '/$environment/live', page: 'live', label: 'Live', icon: 'live', about: 'Interactions as they arrive' },
  { to: '/$environment/engines', page: 'engines', label: 'Engines', icon: 'engine', about: 'Training, versions, schedule' },
  { to: '/$environment/keys', page: 'keys', label: 'Keys and API', icon: 'keys', about: 'Keys, code to paste, API browser' },
  { to: '/$environment/settings', page: 'settings', label: 'Settings', icon: 'settings', about: 'Search, retention, backups, accounts, password' },
] as const
