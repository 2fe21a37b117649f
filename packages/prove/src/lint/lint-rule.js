export {};
//# sourceMappingURL=lint-rule.js.map