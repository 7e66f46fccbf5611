// Autocompletes draw boxes of their own; these give them the names of the fields they stand for.
"use strict";

function nameAutocompletes() {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
        const drawn = select.nextElementSibling;
        const label = select.getAttribute("aria-label") || (select.labels[0] && select.labels[0].textContent.trim().replace(/:$/, ""));
        if (!label || !drawn || !drawn.classList.contains("select2")) continue;
        const chosen = select.multiple ? [] : Array.from(select.selectedOptions, option => option.textContent.trim());
        const name = [label, ...chosen].filter(Boolean).join(": ");
        for (const box of drawn.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]")) {
            box.removeAttribute("aria-labelledby");
            box.setAttribute("aria-label", name);
        }
        // A list may hold only list items, and this one holds a search box too.
        for (const box of drawn.querySelectorAll("ul.select2-selection__rendered > span")) box.setAttribute("role", "listitem");
    }
}

// They are drawn whenever they like, and drawn again for every row that is added.
document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(nameAutocompletes).observe(document.body, {childList: true, subtree: true});
    nameAutocompletes();
});
