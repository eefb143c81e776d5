// What every line of JavaScript here keeps to, the extension's, the pages' and their tests'.
import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['.tools/', '.trial/', '.venv/', 'build/', 'node_modules/'] },
  js.configs.recommended,
  {
    rules: {
      'consistent-return': 'error',
      curly: ['error', 'multi-line'],
      eqeqeq: 'error',
      'no-console': 'error', // what a worker prints is kept by nobody and may name a host
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-param-reassign': 'error',
      'no-shadow': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'require-await': 'error',
    },
  },
  {
    files: ['extension/**/*.js', 'server/**/*.js'],
    languageOptions: { globals: globals.browser },
  },
  {
    // The one file that names the browsers' own interfaces.
    files: ['extension/src/browser.js'],
    languageOptions: { globals: globals.webextensions },
  },
  {
    files: ['tests/**/*.js'],
    languageOptions: { globals: globals.node },
    rules: { 'no-console': 'off' },
  },
];
