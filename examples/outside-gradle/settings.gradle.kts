rootProject.name = "views"
